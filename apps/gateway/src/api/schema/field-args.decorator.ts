import { type Type } from '@nestjs/common';
import { TypeMetadataStorage } from '@nestjs/graphql';

/**
 * Declares the arguments of a nested field without parameter decorators. Nest calls a field resolver that has none directly,
 * as (parent, args, context); with @Parent() or @Args() each call would run through its pipes and cost microseconds, a hundred
 * times per page of a feed.
 */
export function FieldArgs(args: Type): MethodDecorator {
  return (target, methodName) => {
    TypeMetadataStorage.addMethodParamMetadata({
      kind: 'args',
      target: target.constructor,
      methodName: String(methodName),
      typeFn: () => args,
      options: {},
      index: 1,
    });
  };
}
