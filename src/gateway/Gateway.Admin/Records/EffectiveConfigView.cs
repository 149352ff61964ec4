using Gateway.Control.Options;

namespace Gateway.Admin.Records;

/// <summary>What is in force at this process, and where it comes from.</summary>
/// <param name="Settings">With what it was started; a secret is never in a value.</param>
/// <param name="Objects">How many of each kind the configuration file has, and how many operators made.</param>
internal sealed record EffectiveConfigView(
    IReadOnlyList<EffectiveSetting> Settings, IReadOnlyList<ObjectSourceView> Objects);
