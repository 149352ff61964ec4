using System.Collections.Immutable;
using System.Globalization;
using Gateway.Limits.Model;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;

namespace Gateway.Policy.Documents;

/// <summary>Reads <c>notify_at</c> of a limit.</summary>
internal static class NotifyReader
{
    private const string Name = "notify_at";
    private const int Parts = 10_000;

    /// <summary>
    /// Reads the shares, smallest first; empty if the member is absent or, with a problem reported, invalid.
    /// </summary>
    public static ImmutableArray<NotifyShare> Read(MemberReader members, Amount? max)
    {
        if (members.Optional(Name) is not { } node)
            return [];
        if (node.Kind == JsonKind.Array && node.Items.Length is 0 or > PolicyBounds.NotifySharesMax)
        {
            members.Error(node, members.PointerTo(Name),
                $"\"{Name}\" must have 1 to {PolicyBounds.NotifySharesMax} shares, such as [0.8, 1.0]");
            return [];
        }

        var shares = new SortedSet<decimal>();
        foreach (var (item, pointer) in members.Items(node, Name))
        {
            if (item.Kind != JsonKind.Number || !TryRead(item.Text, out var share))
            {
                members.Error(item, pointer,
                    $"a share of \"max\" is a number above 0 and at most 1 with at most 4 decimals, such as 0.8, "
                    + $"not {MemberReader.Describe(item)}");
                return [];
            }

            if (!shares.Add(share))
                members.Error(item, pointer, $"{item.Text} occurs twice in \"{Name}\": write it once");
        }

        return max is not { } most ? [] : [.. shares.Select(share => new NotifyShare(share, Reached(share, most)))];
    }

    private static bool TryRead(string text, out decimal share) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out share)
        && share is > 0 and <= 1 && decimal.IsInteger(share * Parts);

    // Rounded up, since a share is reached only when at least that much is used.
    private static Amount Reached(decimal share, Amount max) =>
        Amount.FromNano(((max.Nano * (int)(share * Parts)) + Parts - 1) / Parts);
}

/// <summary>A share of a limit's maximum that triggers a notification.</summary>
/// <param name="Share">The share as a number from 0 to 1, such as <c>0.8</c>.</param>
/// <param name="Reached">The usage at which the share is reached.</param>
public sealed record NotifyShare(decimal Share, Amount Reached);
