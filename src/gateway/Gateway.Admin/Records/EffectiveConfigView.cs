using System.Collections.Immutable;
using Gateway.Control.ConfigFile;
using Gateway.Control.Options;

namespace Gateway.Admin.Records;

/// <summary>What is in force at this process, and where it comes from.</summary>
/// <param name="Settings">With what it was started; a secret is never in a value.</param>
/// <param name="Objects">How many of each kind the configuration file has, and how many operators made.</param>
/// <param name="File">What the configuration file in force says; null where there is none.</param>
internal sealed record EffectiveConfigView(
    IReadOnlyList<EffectiveSetting> Settings, IReadOnlyList<ObjectSourceView> Objects, ConfigFileView? File);

/// <summary>The configuration file that is in force.</summary>
/// <param name="Path">Where it was read.</param>
/// <param name="Members">
/// Its values in its order, with their lines; the first 1,000. Secrets are not among the values.
/// </param>
internal sealed record ConfigFileView(string Path, ImmutableArray<ConfigFileMember> Members);
