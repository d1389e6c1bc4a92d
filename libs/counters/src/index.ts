export { CounterAggregator, type CounterAggregatorOptions } from './counter-aggregator.js';
