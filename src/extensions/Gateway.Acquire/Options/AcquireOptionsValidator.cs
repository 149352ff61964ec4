using Microsoft.Extensions.Options;

namespace Gateway.Acquire.Options;

/// <summary>Generated validator for the ranges declared on the options.</summary>
[OptionsValidator]
internal sealed partial class AcquireOptionsValidator : IValidateOptions<AcquireOptions>;
