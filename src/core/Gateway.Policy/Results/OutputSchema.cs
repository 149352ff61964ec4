using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Schemas;
using Gateway.Policy.Schemas.Compiling;
using Gateway.Policy.Text;

namespace Gateway.Policy.Results;

/// <summary>
/// What a server says of the structured content of one tool's answers. It is compiled when it is first asked for.
/// </summary>
public sealed class OutputSchema
{
    /// <summary>A tool that takes more of a list is taken for one without a schema.</summary>
    private const int ToolBytesMax = 64 * 1024;

    private readonly byte[] _tool;
    private readonly Lazy<Schema?> _schema;

    private OutputSchema(string name, byte[] tool)
    {
        (Name, _tool) = (name, tool);
        _schema = new Lazy<Schema?>(() => Compile(tool));
    }

    /// <summary>The tool's name.</summary>
    public string Name { get; }

    /// <summary>
    /// Reads a tool as it stands in a list; null where it says nothing of its answers, or too much, or in two ways.
    /// </summary>
    public static OutputSchema? OfTool(ReadOnlySpan<byte> tool)
    {
        if (tool.Length > ToolBytesMax || tool.IndexOf("outputSchema"u8) < 0)
            return null;
        return Read(tool) is { Kind: JsonKind.Object } node && node.Find("name") is { Kind: JsonKind.String } name
            && node.Find("outputSchema") is not null
            ? new OutputSchema(name.Text, tool.ToArray())
            : null;
    }

    /// <summary>Whether this is what stands in a list.</summary>
    public bool IsOf(ReadOnlySpan<byte> tool) => tool.SequenceEqual(_tool);

    /// <summary>
    /// Whether the structured content of an answer fits; an answer without any does, and everything where the schema is
    /// one that cannot be checked here.
    /// </summary>
    internal bool Fits(ReadOnlySpan<byte> answer, WorkBudget work)
    {
        if (_schema.Value is not { } schema)
            return true;
        var content = Read(answer)?.Find("result")?.Find("structuredContent");
        return content is null || schema.Accepts(content, new SchemaRun(work));
    }

    private static JsonNode? Read(ReadOnlySpan<byte> json) =>
        JsonTreeReader.Read(json, PolicyBounds.ArgumentsDepthMax, duplicates: null, out _);

    private static Schema? Compile(byte[] tool)
    {
        var problems = new ProblemSink("outputSchema", new LineMap(tool));
        var schema = SchemaCompiler.Compile(Read(tool)!.Find("outputSchema")!, "", problems);
        return problems.ToImmutable().IsEmpty ? schema : null;
    }
}
