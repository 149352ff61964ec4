using System.Collections.Immutable;
using Gateway.Control.ConfigFile;
using Gateway.Control.Options;

namespace Gateway.Admin.Records;

/// <summary>The effective configuration of this process, with its sources.</summary>
/// <param name="Settings">The settings at its start; values never contain secrets.</param>
/// <param name="Objects">The number of objects of each kind, by source.</param>
/// <param name="File">The content of the active configuration file; null if there is none.</param>
internal sealed record EffectiveConfigView(
    IReadOnlyList<EffectiveSetting> Settings, IReadOnlyList<ObjectSourceView> Objects, ConfigFileView? File);

/// <summary>The active configuration file.</summary>
/// <param name="Path">The path of the file.</param>
/// <param name="Members">The first 1,000 values in the order of the file, with their lines, without secrets.</param>
internal sealed record ConfigFileView(string Path, ImmutableArray<ConfigFileMember> Members);

/// <summary>The sources of the objects of one kind.</summary>
/// <param name="Kind"><c>servers</c>, <c>policies</c> or <c>grants</c>.</param>
/// <param name="File">The number from the configuration file, which takes precedence.</param>
/// <param name="Stored">The number that operators created.</param>
internal sealed record ObjectSourceView(string Kind, int File, int Stored);
