using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Gateway.Policy.Conditions;
using Gateway.Policy.Text;

namespace Gateway.Policy.Recording;

/// <summary>What is known of a call's arguments: an object in which some values stand as null in their place.</summary>
public sealed class RecordedArguments
{
    private readonly ImmutableArray<ImmutableArray<string>> _left;
    private readonly bool _hasMoreNames;

    private RecordedArguments(
        ReadOnlyMemory<byte> json, ImmutableArray<ImmutableArray<string>> left, bool hasMoreNames = false) =>
        (Json, _left, _hasMoreNames) = (json, left, hasMoreNames);

    /// <summary>A call without arguments: all is known.</summary>
    public static RecordedArguments None { get; } = new(default, []);

    /// <summary>Nothing is known, not even names.</summary>
    public static RecordedArguments Unknown { get; } = new(default, [], hasMoreNames: true);

    /// <summary>The object; empty where there is none.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>Whether every value is known.</summary>
    public bool IsComplete => _left.IsEmpty && !_hasMoreNames;

    /// <summary>Only the names of the arguments are known.</summary>
    /// <param name="names">The names.</param>
    /// <param name="hasMore">Whether there are others.</param>
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

    /// <summary>Reads what <see cref="ArgumentRecording.Keep"/> wrote; null where it is nothing of that kind.</summary>
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

    /// <summary>Whether the values that this path names are known, or known not to be there.</summary>
    internal bool Covers(ArgumentPath path) =>
        !_hasMoreNames && !_left.Any(left => IsRelated(path.Steps, left));

    /// <summary>Whether the path leads to what was left out, or into it, or over it.</summary>
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
