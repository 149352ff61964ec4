using Microsoft.Extensions.Options;

namespace Gateway.Hosting.Options;

/// <summary>Validates options against the ranges that stand beside their defaults; generated from these.</summary>
[OptionsValidator]
internal sealed partial class GatewayOptionsValidator : IValidateOptions<GatewayOptions>;
