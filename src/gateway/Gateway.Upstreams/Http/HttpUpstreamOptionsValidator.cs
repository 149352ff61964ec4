using Microsoft.Extensions.Options;

namespace Gateway.Upstreams.Http;

/// <summary>Holds options to the ranges that stand beside their defaults; generated from these.</summary>
[OptionsValidator]
internal sealed partial class HttpUpstreamOptionsValidator : IValidateOptions<HttpUpstreamOptions>;
