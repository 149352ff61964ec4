using Microsoft.Extensions.Options;

namespace Gateway.Orleans.Client;

/// <summary>Generated validator for the ranges declared on the options.</summary>
[OptionsValidator]
internal sealed partial class ClusterEngineOptionsValidator : IValidateOptions<ClusterEngineOptions>;
