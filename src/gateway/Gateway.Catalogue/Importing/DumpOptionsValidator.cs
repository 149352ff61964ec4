using Microsoft.Extensions.Options;

namespace Gateway.Catalogue.Importing;

/// <summary>A validator of options by the ranges declared beside their defaults; generated from these.</summary>
[OptionsValidator]
internal sealed partial class DumpOptionsValidator : IValidateOptions<DumpOptions>;
