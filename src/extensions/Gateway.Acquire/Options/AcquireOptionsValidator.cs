using Microsoft.Extensions.Options;

namespace Gateway.Acquire.Options;

/// <summary>Holds the options to the ranges that stand beside their defaults.</summary>
[OptionsValidator]
internal sealed partial class AcquireOptionsValidator : IValidateOptions<AcquireOptions>;
