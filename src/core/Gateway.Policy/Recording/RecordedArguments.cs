using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Gateway.Policy.Conditions;
using Gateway.Policy.Text;

namespace Gateway.Policy.Recording;

/// <summary>The known arguments of a recorded call: an object in which null replaces omitted values.</summary>
public sealed class RecordedArguments
{
    private readonly ImmutableArray<ImmutableArray<string>> _left;
    private readonly bool _hasMoreNames;

    private RecordedArguments(
        ReadOnlyMemory<byte> json, ImmutableArray<ImmutableArray<string>> left, bool hasMoreNames = false) =>
        (Json, _left, _hasMoreNames) = (json, left, hasMoreNames);

    /// <summary>The arguments of a call without any: everything is known.</summary>
    public static RecordedArguments None { get; } = new(default, []);

    /// <summary>Unknown arguments, of which not even the names are known.</summary>
    public static RecordedArguments Unknown { get; } = new(default, [], hasMoreNames: true);

    /// <summary>The object; empty if there is none.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>True if every value is known.</summary>
    public bool IsComplete => _left.IsEmpty && !_hasMoreNames;

    /// <summary>Creates arguments of which only the names are known.</summary>
    /// <param name="names">The names.</param>
    /// <param name="hasMore">Whether there are other arguments.</param>
    public static RecordedArguments OfNames(IReadOnlyCollection<string> names, bool hasMore)
    {
        ArgumentNullException.ThrowIfNull(names);
        var buffer = new ArrayBufferWriter<byte>(64);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var name in names)
                json.WriteNull(name);
            json.WriteEndObject();
        }

        return new RecordedArguments(
            buffer.WrittenMemory, [.. names.Select(static name => ImmutableArray.Create(name))], hasMore);
    }

    /// <summary>Reads the result of <see cref="ArgumentRecording.Keep"/>; null if it has another format.</summary>
    public static RecordedArguments? Read(ReadOnlyMemory<byte> kept)
    {
        try
        {
            using var document = JsonDocument.Parse(
                kept, new JsonDocumentOptions { MaxDepth = PolicyBounds.ArgumentsDepthMax + 2 });
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("arguments", out var arguments)
                || arguments.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("left", out var left))
            {
                return null;
            }

            return new RecordedArguments(
                System.Text.Encoding.UTF8.GetBytes(arguments.GetRawText()),
                [.. left.EnumerateArray().Select(static one => Segments(one.GetString()!))]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Returns true if the values at this path are known, or known to be absent.</summary>
    internal bool Covers(ArgumentPath path) =>
        !_hasMoreNames && !_left.Any(left => IsRelated(path.Steps, left));

    /// <summary>Returns true if the path leads to an omitted value, into one, or past one.</summary>
    private static bool IsRelated(ImmutableArray<PathStep> steps, ImmutableArray<string> left)
    {
        for (var i = 0; i < Math.Min(steps.Length, left.Length); i++)
        {
            var step = steps[i];
            var isSame = step.Key is { } key
                ? key == left[i]
                : step.IsEvery || step.Index.ToString(CultureInfo.InvariantCulture) == left[i];
            if (!isSame)
                return false;
        }

        return true;
    }

    private static ImmutableArray<string> Segments(string pointer) => pointer.Length == 0
        ? []
        : [.. pointer[1..].Split('/').Select(static part => part
            .Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
}
