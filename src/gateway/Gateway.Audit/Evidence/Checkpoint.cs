using System.Globalization;
using System.Text;

namespace Gateway.Audit.Evidence;

/// <summary>
/// What a writer says of its log at one moment: the text of a C2SP tlog-checkpoint, its own members as extension lines.
/// </summary>
public sealed record Checkpoint
{
    /// <summary>How every origin begins.</summary>
    internal const string OriginPrefix = "policy-gateway/audit/";

    /// <summary><see cref="Why"/> of a log that was closed in order.</summary>
    internal const string Stop = "stop";
    internal const string Rotation = "rotation";
    internal const string Abandoned = "abandoned";
    private const int LinesMax = 512;

    /// <summary>The tree and its root.</summary>
    public required TreeHead Head { get; init; }

    /// <summary>Whose log it is: the id of the first chain in its directory.</summary>
    public required string Writer { get; init; }

    /// <summary>By the writer's clock.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary><c>start</c>, <c>interval</c>, <c>rotation</c>, <c>abandoned</c> or <c>stop</c>.</summary>
    public required string Why { get; init; }

    /// <summary>Where the chain's first record begins.</summary>
    public required LogPlace From { get; init; }

    /// <summary>Where the last record of this tree ends.</summary>
    public required LogPlace To { get; init; }

    /// <summary>
    /// How many of the first records the start found there, after the last checkpoint of the one before.
    /// </summary>
    public long Adopted { get; init; }

    /// <summary>How the chain before this one was left; null for the first.</summary>
    public TreeHead? Previous { get; init; }

    /// <summary>
    /// The SHA-256 of the signed text of the last checkpoint of the chain before this one, in Base64: over all restarts
    /// the texts form one hash chain. Null for the first chain, and in checkpoints of earlier releases.
    /// </summary>
    public string? Link { get; init; }

    /// <summary>
    /// Every key that signs this checkpoint, SubjectPublicKeyInfo in Base64, while there are several: being part of the
    /// signed text, a new key is vouched for by the one before it. A signature that is only appended vouches for none.
    /// </summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>The newest checkpoints of other writers that this one knew.</summary>
    public IReadOnlyList<TreeHead> Witnessed { get; init; } = [];

    /// <summary>The first line: which tree this is about.</summary>
    public string Origin => OriginPrefix + Head.Chain;

    /// <summary>The text that is signed, its last line's end included.</summary>
    public string Text()
    {
        var text = new StringBuilder();
        Line(Origin);
        Line(Head.Size.ToString(CultureInfo.InvariantCulture));
        Line(Head.Root);
        Line("writer " + Writer);
        Line("time " + Time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        Line("why " + Why);
        Line($"from {From}");
        Line($"to {To}");
        if (Adopted > 0)
            Line(string.Create(CultureInfo.InvariantCulture, $"adopted {Adopted}"));
        if (Previous is not null)
            Line($"previous {Previous}");
        if (Link is not null)
            Line("link " + Link);
        foreach (var key in Keys)
            Line($"key {key}");
        foreach (var other in Witnessed)
            Line($"witness {other}");
        return text.ToString();

        void Line(string line) => text.Append(line).Append('\n');
    }

    /// <summary>Null where the text is no checkpoint of ours.</summary>
    internal static Checkpoint? Parse(string text)
    {
        if (text.TrimEnd('\n').Split('\n') is not { Length: > 3 and <= LinesMax } lines
            || !lines[0].StartsWith(OriginPrefix, StringComparison.Ordinal)
            || TreeHead.Parse($"{lines[0][OriginPrefix.Length..]} {lines[1]} {lines[2]}") is not { } head)
        {
            return null;
        }

        if (One("writer") is not { } writer || One("why") is not { } why
            || LogPlace.Parse(One("from") ?? "") is not { } from || LogPlace.Parse(One("to") ?? "") is not { } to
            || !DateTimeOffset.TryParse(One("time"), CultureInfo.InvariantCulture, out var time))
        {
            return null;
        }

        return new Checkpoint
        {
            Head = head,
            Writer = writer,
            Time = time,
            Why = why,
            From = from,
            To = to,
            Adopted = long.TryParse(One("adopted"), NumberStyles.None, CultureInfo.InvariantCulture, out var adopted)
                ? adopted
                : 0,
            Previous = One("previous") is { } previous ? TreeHead.Parse(previous) : null,
            Link = One("link"),
            Keys = [.. All("key")],
            Witnessed = [.. All("witness").Select(TreeHead.Parse).OfType<TreeHead>()],
        };

        IEnumerable<string> All(string name) => lines.Skip(3)
            .Where(line => line.StartsWith(name + " ", StringComparison.Ordinal))
            .Select(line => line[(name.Length + 1)..]);

        string? One(string name) => All(name).FirstOrDefault();
    }
}
