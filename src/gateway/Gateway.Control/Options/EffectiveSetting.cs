namespace Gateway.Control.Options;

/// <summary>What a process was started with, and who said so.</summary>
/// <param name="Name">As on the command line, such as <c>--listen</c>.</param>
/// <param name="Value">What holds, never with a secret; null where there is nothing.</param>
/// <param name="Source"><c>command line</c>, <c>default</c>, or the environment's variable.</param>
/// <param name="Meaning">What it is for, in a sentence or two.</param>
public sealed record EffectiveSetting(string Name, string? Value, string Source, string Meaning);
