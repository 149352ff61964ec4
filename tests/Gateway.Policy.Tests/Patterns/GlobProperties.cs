using FsCheck;
using FsCheck.Fluent;

namespace Gateway.Policy.Tests.Patterns;

/// <summary>The matcher and the algebra against the plainest things that could be right.</summary>
public class GlobProperties
{
    private static readonly string[] Texts = [.. AllTexts("ab", lengthMax: 7)];

    private static Gen<string> Pattern(int lengthMax) =>
        from length in Gen.Choose(0, lengthMax)
        from letters in Gen.Elements('a', 'b', '*', '?').ArrayOf(length)
        select new string(letters);

    private static Config Settings => Config.QuickThrowOnFailure.WithMaxTest(1500);

    [Fact]
    public void Agrees_with_a_naive_matcher() =>
        Prop.ForAll(Arb.From(Pattern(9)), pattern =>
        {
            var glob = new Glob(pattern, GlobStyle.Name);
            return Texts.All(text => glob.Matches(text) == Naive(pattern, text));
        }).Check(Settings);

    [Fact]
    public void Two_patterns_meet_exactly_where_some_text_matches_both() =>
        Prop.ForAll(Arb.From(Pattern(4)), Arb.From(Pattern(4)), (a, b) =>
        {
            // Two patterns of four tokens that meet at all meet in a text of at most seven characters.
            Glob first = new(a, GlobStyle.Name), second = new(b, GlobStyle.Name);
            var meet = Texts.Any(text => Naive(a, text) && Naive(b, text));
            return GlobAlgebra.Intersect(first, second) == meet && GlobAlgebra.Intersect(second, first) == meet;
        }).Check(Settings);

    [Fact]
    public void A_pattern_that_covers_another_matches_all_of_it() =>
        Prop.ForAll(Arb.From(Pattern(5)), Arb.From(Pattern(5)), (a, b) =>
            !GlobAlgebra.Covers(new Glob(a, GlobStyle.Name), new Glob(b, GlobStyle.Name))
            || Texts.All(text => !Naive(b, text) || Naive(a, text))).Check(Settings);

    [Fact]
    public void The_table_finds_the_same_as_a_scan_of_all_patterns() =>
        Prop.ForAll(Arb.From(Pattern(5).ListOf()), patterns =>
        {
            var distinct = patterns.Distinct(StringComparer.Ordinal).Where(p => p.Length > 0).ToArray();
            var table = new PatternIndex<string>(distinct.Select(p => (new Glob(p, GlobStyle.Name), p)));
            return Texts.All(text => Literal(table.Find(text)) == distinct
                .Where(p => Naive(p, text))
                .Select(Literal)
                .DefaultIfEmpty(-1)
                .Max());
        }).Check(Settings.WithMaxTest(300));

    private static int Literal(string? pattern) => pattern switch
    {
        null => -1,
        _ when pattern.AsSpan().IndexOfAny('*', '?') < 0 => int.MaxValue,
        _ => pattern.Count(c => c is not ('*' or '?')),
    };

    private static bool Naive(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        if (pattern.IsEmpty)
            return text.IsEmpty;
        if (pattern[0] == '*')
            return Naive(pattern[1..], text) || (!text.IsEmpty && Naive(pattern, text[1..]));
        return !text.IsEmpty && (pattern[0] == '?' || pattern[0] == text[0]) && Naive(pattern[1..], text[1..]);
    }

    private static IEnumerable<string> AllTexts(string letters, int lengthMax)
    {
        IEnumerable<string> texts = [""];
        var all = new List<string>(texts);
        for (var length = 1; length <= lengthMax; length++)
        {
            texts = [.. texts.SelectMany(text => letters.Select(letter => text + letter))];
            all.AddRange(texts);
        }

        return all;
    }
}
