namespace Gateway.Policy.Tests.Json;

/// <summary>A test that needs a program of another language and is skipped without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ParserFactAttribute : FactAttribute
{
    public ParserFactAttribute(string program)
    {
        if (!SearchPath.Has(program))
            Skip = $"{program} is missing here; what Go and Java read is recorded in parsed-doubles.txt";
    }
}
