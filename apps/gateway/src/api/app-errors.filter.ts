import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable } from '@nestjs/common';
import { AppError } from '@fowergram/contracts-core';

/** Lets typed failures pass to the engine without Nest logging each as a defect. */
@Injectable()
@Catch(AppError)
export class AppErrorsFilter implements ExceptionFilter {
  catch(error: AppError, _host: ArgumentsHost): never {
    throw error;
  }
}
