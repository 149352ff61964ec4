using Gateway.Mcp.Reading;
using Microsoft.Extensions.Options;

namespace Gateway.Proxy.Endpoint;

/// <summary>Holds options to the ranges that stand beside their defaults; generated from these.</summary>
[OptionsValidator]
internal sealed partial class McpReadOptionsValidator : IValidateOptions<McpReadOptions>;
