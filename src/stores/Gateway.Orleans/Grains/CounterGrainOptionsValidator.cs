using Microsoft.Extensions.Options;

namespace Gateway.Orleans.Grains;

/// <summary>Generated validator for the ranges declared on the options.</summary>
[OptionsValidator]
internal sealed partial class CounterGrainOptionsValidator : IValidateOptions<CounterGrainOptions>;
