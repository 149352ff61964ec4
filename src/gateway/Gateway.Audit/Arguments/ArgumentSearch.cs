using System.Text.Json;
using Gateway.Limits.Model;
using Gateway.Policy.Recording;
using Microsoft.AspNetCore.DataProtection;

namespace Gateway.Audit.Arguments;

/// <summary>Calls and requests for approval whose recorded values contain some words.</summary>
/// <param name="Words">For each id, the words that its values contain, as bits.</param>
/// <param name="ReachedMs">
/// The time back to which values were searched, in Unix milliseconds; 0 if all were.
/// </param>
public sealed record FoundArguments(IReadOnlyDictionary<string, int> Words, long ReachedMs)
{
    /// <summary>The result if no values are searched.</summary>
    public static FoundArguments None { get; } = new(new Dictionary<string, int>(), 0);
}

/// <summary>
/// Searches recorded values, the newest first. Each value is decrypted, so the number of values and the time are
/// bounded.
/// </summary>
/// <param name="directory">The directory of the files; it may be absent.</param>
/// <param name="protection">Decrypts the values.</param>
/// <param name="time">Measures the time.</param>
public sealed class ArgumentSearch(string directory, IDataProtectionProvider protection, TimeProvider time)
{
    /// <summary>Maximum number of calls and requests whose values are searched.</summary>
    public const int ValuesMax = 50_000;

    /// <summary>Returns the ids whose values contain at least one word, in a name or a value, ignoring case.</summary>
    /// <param name="words">At most 30 words.</param>
    /// <param name="oldestMs">Values from before this instant have expired, even if they are still on disk.</param>
    /// <param name="budget">Time after which the search ends.</param>
    /// <param name="cancellation">Ends the search.</param>
    public FoundArguments Find(
        IReadOnlyList<string> words, long oldestMs, TimeSpan budget, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(words);
        var begun = time.GetTimestamp();
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        var opener = new ArgumentOpener(protection, oldestMs);
        var read = 0;
        foreach (var (path, _) in ArgumentFiles.In(directory).Reverse())
        {
            var frames = new List<(UInt128 Id, long TimeMs, byte[] Sealed)>();
            ArgumentFrames.Read(
                path, static (_, _, _) => true, (id, timeMs, values) => frames.Add((id, timeMs, values)));
            for (var at = frames.Count - 1; at >= 0; at--)
            {
                cancellation.ThrowIfCancellationRequested();
                var (bits, timeMs, sealedValues) = frames[at];
                if (read++ == ValuesMax || time.GetElapsedTime(begun) > budget)
                    return new FoundArguments(found, timeMs);
                var id = new CallId(bits).ToString();
                if (opener.Open(id, timeMs, sealedValues) is { } values && WordsIn(values, words) is > 0 and var some)
                    found[id] = found.GetValueOrDefault(id) | some;
            }
        }

        return new FoundArguments(found, ReachedMs: 0);
    }

    private static int WordsIn(RecordedArguments values, IReadOnlyList<string> words)
    {
        var found = 0;
        var reader = new Utf8JsonReader(values.Json.Span, new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (reader.Read())
        {
            var text = reader.TokenType switch
            {
                JsonTokenType.String or JsonTokenType.PropertyName => reader.GetString(),
                JsonTokenType.Number => System.Text.Encoding.ASCII.GetString(reader.ValueSpan),
                _ => null,
            };
            for (var word = 0; text is not null && word < words.Count; word++)
            {
                if (text.Contains(words[word], StringComparison.OrdinalIgnoreCase))
                    found |= 1 << word;
            }
        }

        return found;
    }
}
