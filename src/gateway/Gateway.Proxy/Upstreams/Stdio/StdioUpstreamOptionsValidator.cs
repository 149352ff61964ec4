using Microsoft.Extensions.Options;

namespace Gateway.Proxy.Upstreams.Stdio;

/// <summary>Holds options to the ranges that stand beside their defaults; generated from these.</summary>
[OptionsValidator]
internal sealed partial class StdioUpstreamOptionsValidator : IValidateOptions<StdioUpstreamOptions>;
