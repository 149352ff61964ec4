using Microsoft.Extensions.Options;

namespace Gateway.Proxy.Upstreams.Stdio;

/// <summary>A validator of options by the ranges declared beside their defaults; generated from these.</summary>
[OptionsValidator]
internal sealed partial class StdioUpstreamOptionsValidator : IValidateOptions<StdioUpstreamOptions>;
