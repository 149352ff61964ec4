using Microsoft.Extensions.Options;

namespace Gateway.EnvoyRls.Options;

/// <summary>Generated validator for the ranges declared on the options.</summary>
[OptionsValidator]
internal sealed partial class RlsOptionsValidator : IValidateOptions<RlsOptions>;
