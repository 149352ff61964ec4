using Gateway.Policy.Json;

namespace Gateway.Policy.Results;

/// <summary><c>email</c>: a local part, and a host of at least two labels whose last begins with a letter.</summary>
internal sealed class EmailAddresses : TextPattern
{
    private const int CharactersPerStep = 4;

    public override string Name => "an e-mail address";

    // Neither part can contain an "@", so each character is read at most twice.
    public override void Find(string text, WorkBudget work, List<TextSpan> found)
    {
        if (!work.Spend(1 + (text.Length / WorkBudget.CharactersPerStep)))
            return;
        var free = 0;
        for (var at = text.IndexOf('@', StringComparison.Ordinal); at >= 0;)
        {
            var start = at;
            while (start > free && IsLocal(text[start - 1]))
                start--;
            var read = at + 1;
            var end = start == at ? at : HostEnd(text, ref read);
            if (!work.Spend(1 + ((read - start) / CharactersPerStep)))
                return;
            if (end > at)
            {
                if (!work.Spend(WorkBudget.StepsPerFind))
                    return;
                found.Add(new TextSpan(start, end - start));
                free = end;
            }

            at = text.IndexOf('@', Math.Max(at + 1, end));
        }
    }

    /// <summary>Returns the end of the longest host; one less than its start if there is none.</summary>
    private static int HostEnd(string text, ref int at)
    {
        var end = at - 1;
        for (var labels = 0; at < text.Length;)
        {
            var label = at;
            while (at < text.Length && IsLabel(text[at]))
                at++;
            if (at == label)
                break;
            if (labels++ > 0 && at - label > 1 && char.IsLetter(text[label]))
                end = at;
            if (at == text.Length || text[at] != '.')
                break;
            at++;
        }

        return end;
    }

    private static bool IsLocal(char c) => IsLetterOrNumber(c) || "._%+'&/=-".Contains(c, StringComparison.Ordinal);

    private static bool IsLabel(char c) => IsLetterOrNumber(c) || c == '-';

    private static bool IsLetterOrNumber(char c) => char.IsLetter(c) || char.IsNumber(c);
}
