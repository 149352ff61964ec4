using System.Globalization;
using System.Text;

namespace Gateway.Audit.Evidence;

/// <summary>
/// A writer's statement about its log at one moment, as the text of a C2SP tlog-checkpoint; the gateway's own members
/// are extension lines.
/// </summary>
public sealed record Checkpoint
{
    /// <summary>Prefix of every origin line.</summary>
    internal const string OriginPrefix = "policy-gateway/audit/";

    /// <summary>Value of <see cref="Why"/> for a log that was closed in order.</summary>
    internal const string Stop = "stop";
    internal const string Rotation = "rotation";
    internal const string Abandoned = "abandoned";
    private const string Erasable = "erasable";
    private const int LinesMax = 512;

    /// <summary>The tree's chain, size and root.</summary>
    public required TreeHead Head { get; init; }

    /// <summary>Id of the log's writer, which is the id of the first chain in its directory.</summary>
    public required string Writer { get; init; }

    /// <summary>Time of the checkpoint by the writer's clock.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>
    /// Reason for the checkpoint: <c>start</c>, <c>interval</c>, <c>rotation</c>, <c>abandoned</c> or <c>stop</c>.
    /// </summary>
    public required string Why { get; init; }

    /// <summary>Place where the chain's first record begins.</summary>
    public required LogPlace From { get; init; }

    /// <summary>Place where the last record of this tree ends.</summary>
    public required LogPlace To { get; init; }

    /// <summary>
    /// Number of records at the beginning of the chain that the start found after the previous chain's last checkpoint
    /// and adopted.
    /// </summary>
    public long Adopted { get; init; }

    /// <summary>
    /// True if the leaves omit personal values (<see cref="RecordLeaf"/>); false in checkpoints of earlier releases.
    /// </summary>
    public bool IsErasable { get; init; }

    /// <summary>The final tree head of the previous chain; null for the first chain.</summary>
    public TreeHead? Previous { get; init; }

    /// <summary>
    /// SHA-256 of the signed text of the previous chain's last checkpoint, in Base64, so that the texts form one hash
    /// chain over all restarts. Null for the first chain and in checkpoints of earlier releases.
    /// </summary>
    public string? Link { get; init; }

    /// <summary>
    /// Every key that signs this checkpoint, as SubjectPublicKeyInfo in Base64, if there is more than one. The list is
    /// part of the signed text, so the previous key vouches for a new one. A signature that is only appended vouches
    /// for no key.
    /// </summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>The newest checkpoints of other writers that this writer knew.</summary>
    public IReadOnlyList<TreeHead> Witnessed { get; init; } = [];

    /// <summary>The first line, which identifies the tree.</summary>
    public string Origin => OriginPrefix + Head.Chain;

    /// <summary>Returns the text to sign, including the end of its last line.</summary>
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
        if (IsErasable)
            Line("leaves " + Erasable);
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

    /// <summary>Returns null if the text is not a checkpoint of a gateway.</summary>
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
            IsErasable = One("leaves") == Erasable,
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
