using Microsoft.Extensions.Options;

namespace Gateway.Orleans.Grains;

/// <summary>Holds options to the ranges that stand beside their defaults; generated from these.</summary>
[OptionsValidator]
internal sealed partial class CounterGrainOptionsValidator : IValidateOptions<CounterGrainOptions>;
