namespace Gateway.Control.Options;

/// <summary>A setting with which a process was started, and its source.</summary>
/// <param name="Name">The name as on the command line, such as <c>--listen</c>.</param>
/// <param name="Value">The value in effect, never with a secret; null if there is none.</param>
/// <param name="Source"><c>command line</c>, <c>default</c>, or the environment's variable.</param>
/// <param name="Meaning">The purpose of the setting, in a sentence or two.</param>
public sealed record EffectiveSetting(string Name, string? Value, string Source, string Meaning);
