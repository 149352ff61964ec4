using Gateway.Mcp.Reading;
using Gateway.Mcp.Tests.Fuzzing;

namespace Gateway.Fuzz.Targets;

/// <summary>
/// The MCP reader: accepts exactly what a second, plain reader accepts, and both read the same method, name and id.
/// </summary>
internal static class McpTarget
{
    private const int BytesEach = 64;

    public static void Run(byte[] input)
    {
        var read = Property.Bounded(input.Length, BytesEach, () => McpReader.Read(input, McpReadBounds.Default));
        var second = StrictOracle.Read(input);
        Property.Holds(read.IsMessage == second.Refusal is null, $"{read.Fault?.Message} / {second.Refusal}");
        if (!read.IsMessage)
        {
            Property.Holds(read.Fault.HttpStatus is >= 400 and < 500, "a fault is the client's");
            Property.Holds(read.Fault.Id.IsEmpty || IsScalar(read.Fault.Id), "a fault echoes an id that is one");
            return;
        }

        var message = read.Message;
        Property.Holds(message.Body.Span.SequenceEqual(input), "the message keeps the very bytes");
        Property.Holds(message.Method == (second.Method ?? ""), "the same method");
        Property.Holds(message.Name == second.Name, "the same name");
        Property.Holds(Encoding.UTF8.GetString(message.Id.Span) == second.Id, "the same id");
        if (!message.Arguments.IsEmpty)
        {
            using var arguments = JsonDocument.Parse(message.Arguments);
            Property.Holds(arguments.RootElement.ValueKind == JsonValueKind.Object, "arguments are an object");
        }
    }

    private static bool IsScalar(ReadOnlyMemory<byte> id)
    {
        using var json = JsonDocument.Parse(id);
        return json.RootElement.ValueKind is JsonValueKind.String or JsonValueKind.Number;
    }
}
