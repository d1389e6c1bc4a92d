-- migrate:up
alter table media add column rejection_code text check (rejection_code in (
  'EMPTY', 'NOT_A_PICTURE', 'FORMAT_NOT_ACCEPTED', 'TYPE_MISMATCH', 'SIZE_MISMATCH', 'TOO_MANY_PIXELS', 'DAMAGED', 'UPLOAD_LOST', 'NOT_PROCESSED'
));
update media set rejection_code = case
  when rejection_reason like 'The file is empty%' then 'EMPTY'
  when rejection_reason like 'The file is not a picture%' then 'NOT_A_PICTURE'
  when rejection_reason like '%was announced.' then 'TYPE_MISMATCH'
  when rejection_reason like '%were announced.' then 'SIZE_MISMATCH'
  when rejection_reason like '%million are accepted.' then 'TOO_MANY_PIXELS'
  when rejection_reason like 'The picture is damaged%' then 'DAMAGED'
  when rejection_reason like 'The uploaded file is not there%' then 'UPLOAD_LOST'
  else 'NOT_PROCESSED' end
where status = 'REJECTED';

-- migrate:down
alter table media drop column rejection_code;
