using Gateway.Limits.Engine;
using Microsoft.Extensions.Options;

namespace Gateway.Control.Options;

/// <summary>
/// Validates options against the ranges that stand beside their defaults; generated from these. It is here because the
/// core has no packages: a store validates the options of its engine with it.
/// </summary>
// The bounds on its counters belong to the options of its store, which validate them.
#pragma warning disable SYSLIB1212
[OptionsValidator]
public sealed partial class LocalEngineOptionsValidator : IValidateOptions<LocalEngineOptions>
{
    /// <summary>Returns the same options if all are valid.</summary>
    /// <exception cref="InvalidOperationException">An option is out of its range.</exception>
    public static LocalEngineOptions Check(LocalEngineOptions options)
    {
        new LocalEngineOptionsValidator().Validate(null, options).OrThrow();
        return options;
    }
}
