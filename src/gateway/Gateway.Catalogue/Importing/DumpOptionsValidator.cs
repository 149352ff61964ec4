using Microsoft.Extensions.Options;

namespace Gateway.Catalogue.Importing;

/// <summary>Holds options to the ranges that stand beside their defaults; generated from these.</summary>
[OptionsValidator]
internal sealed partial class DumpOptionsValidator : IValidateOptions<DumpOptions>;
