using Gateway.Limits.Acquiring;
using Microsoft.Extensions.Options;

namespace Gateway.Orleans.Client;

/// <summary>Holds options to the ranges that stand beside their defaults; generated from these.</summary>
[OptionsValidator]
internal sealed partial class AcquiringOptionsValidator : IValidateOptions<AcquiringOptions>;
