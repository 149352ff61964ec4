namespace Gateway.Server.Tests.Stdio;

/// <summary>Tests that look at the whole process, so that nothing else may run in it meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Naming", "CA1711", Justification = "It is what the framework calls it.")]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
