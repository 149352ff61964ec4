using Microsoft.Extensions.Options;

namespace Gateway.Orleans.Documents;

/// <summary>Generated validator for the ranges declared on the options.</summary>
[OptionsValidator]
internal sealed partial class ControlGrainOptionsValidator : IValidateOptions<ControlGrainOptions>;
