namespace Gateway.Console.Tests;

/// <summary>One gateway and one browser for all classes that need both; each test has names of its own in it.</summary>
[CollectionDefinition(Name)]
public sealed class SharedConsole : ICollectionFixture<ConsoleBench>
{
    public const string Name = "console";
}
