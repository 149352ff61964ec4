using Gateway.Limits.Engine;
using Microsoft.Extensions.Options;

namespace Gateway.Control.Options;

/// <summary>
/// Holds options to the ranges that stand beside their defaults; generated from these. It stands here because the core
/// has no packages: a store checks the options of its engine with it.
/// </summary>
// Its bounds of counters are those of its store's options, which check them.
#pragma warning disable SYSLIB1212
[OptionsValidator]
public sealed partial class LocalEngineOptionsValidator : IValidateOptions<LocalEngineOptions>
{
    /// <summary>The same options where all is well.</summary>
    /// <exception cref="InvalidOperationException">One is out of its range.</exception>
    public static LocalEngineOptions Check(LocalEngineOptions options)
    {
        new LocalEngineOptionsValidator().Validate(null, options).OrThrow();
        return options;
    }
}
