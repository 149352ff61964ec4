namespace Gateway.Catalogue.Classifying;

/// <summary>
/// The hashed features of one definition. Annotations are excluded, because they can only raise a risk.
/// </summary>
internal sealed class ModelFeatures
{
    private const int TextWordsMax = 100;
    private const int PhraseWords = 30;
    private const int LeadingWords = 12;
    private const int StemChars = 5;
    private const uint Basis = 2166136261;
    private const uint Prime = 16777619;

    private readonly List<Feature> _all = new(256);

    private ModelFeatures()
    {
    }

    /// <summary>All features in the order of their place; a feature may occur more than once.</summary>
    public IReadOnlyList<Feature> All => _all;

    public static ModelFeatures Of(RuleReading rules)
    {
        var features = new ModelFeatures();
        features.AddName(rules.Name.Words);
        features.AddText(rules.Text.Words);
        features.AddSchema(rules.Input);
        features.AddRules(rules.Name, rules.Text, rules.Input, rules.Found);
        return features;
    }

    /// <summary>Returns the hashes, sorted and distinct.</summary>
    /// <param name="more">Hashes of further parts of the definition.</param>
    public uint[] Sorted(ReadOnlySpan<uint> more)
    {
        var hashes = new uint[_all.Count + more.Length];
        for (var at = 0; at < _all.Count; at++)
            hashes[at] = _all[at].Hash;
        more.CopyTo(hashes.AsSpan(_all.Count));
        Array.Sort(hashes);
        var kept = 0;
        foreach (var hash in hashes)
        {
            if (kept == 0 || hashes[kept - 1] != hash)
                hashes[kept++] = hash;
        }

        Array.Resize(ref hashes, kept);
        return hashes;
    }

    private void AddName(IReadOnlyList<string> words)
    {
        for (var at = 0; at < words.Count; at++)
        {
            Add("n", words[at], "", Place.Name);
            Add("ns", Stem(words[at]));
            if (at > 0)
                Add("nb", words[at - 1], words[at]);
            AddPairs("nc", words[at]);
        }

        if (words.Count == 0)
            return;
        Add("n0", words[0]);
        Add("nl", words[^1]);
        Add("nx", words[0], words[^1]);
        Add("nk", Count(words.Count));
    }

    private void AddText(IReadOnlyList<string> words)
    {
        var count = Math.Min(words.Count, TextWordsMax);
        for (var at = 0; at < count; at++)
        {
            Add("d", words[at], "", Place.Description);
            if (at < PhraseWords && at > 0)
                Add("db", words[at - 1], words[at]);
            if (at < LeadingWords)
            {
                Add("df", words[at]);
                Add("ds", Stem(words[at]));
            }

            AddPairs("dc", words[at]);
        }

        Add("dk", Count(count / 4));
        if (count > 0)
            Add("d0", words[0]);
    }

    private void AddSchema(SchemaSigns input)
    {
        foreach (var word in input.Words)
            Add("p", word, "", Place.Parameter);
        foreach (var word in input.Joined)
            Add("pj", word);
        foreach (var word in input.ChoiceWords)
            Add("e", word, "", Place.Choice);
        Add("pk", Count(input.Joined.Count));
    }

    private void AddRules(NameReading name, TextReading text, SchemaSigns input, Evidence rules)
    {
        var category = rules.Category?.ToString() ?? "none";
        Add("r", category);
        Add("rc", category, Count((int)(rules.Confidence * 10)));
        var verb = name.Verb is { } one ? $"{one.Category}{one.IsFirm}" : "none";
        var leading = text.Leading is { } two ? $"{two.Category}{two.IsFirm}" : "none";
        Add("rv", verb);
        Add("rl", leading, Count(text.LeadingAt));
        Add("rx", verb, leading);
        Add("rw", name.Verb?.Word ?? "none", category);
        Add("rd", text.Leading?.Word ?? "none", category);
        Add("rm", text.Listed?.Category.ToString() ?? "none");
        Sign("amount", input.Amount);
        Sign("price", input.Price);
        Sign("receiver", input.Receiver);
        Sign("statement", input.Statement);
        Sign("program", input.Program);
        Sign("path", input.Path);
        Sign("url", input.Url);
        Sign("secret", input.Secret);
        Sign("payment", input.Payment);
        Sign("trade", input.Trade);
        Sign("machine", input.Machine);
        Sign("remover", input.Remover);
        if (input.Choice is { } choice)
            Add("rs", "choice", choice.Verb.Category.ToString());
        if (name.Money is not null)
            Add("rs", "money", category);
        if (text.HasMoney)
            Add("rs", "textmoney", category);
        if (text.ReturnsSecret is not null)
            Add("rs", "returns", category);

        void Sign(string sign, string? member)
        {
            if (member is not null)
                Add("rs", sign, category);
        }
    }

    /// <summary>Adds pairs of letters for scripts without spaces, where a word is a whole sentence.</summary>
    private void AddPairs(string tag, string word)
    {
        if (char.IsAscii(word[0]) || word[0] < '\u0370')
            return;
        for (var at = 1; at < word.Length && at < TextWordsMax; at++)
            AddHash(Hash(Mix(Mix(Start(tag), word[at - 1]), word[at])));
    }

    private void Add(string tag, string one, string other = "", Place place = Place.None)
    {
        var hash = Start(tag);
        foreach (var letter in one)
            hash = Mix(hash, letter);
        if (other.Length > 0)
        {
            hash = Mix(hash, '_');
            foreach (var letter in other)
                hash = Mix(hash, letter);
        }

        _all.Add(new Feature(Hash(hash), place, place == Place.None ? "" : one));
    }

    private void AddHash(uint hash) => _all.Add(new Feature(hash, Place.None, ""));

    private static uint Start(string tag)
    {
        var hash = Basis;
        foreach (var letter in tag)
            hash = Mix(hash, letter);
        return Mix(hash, ':');
    }

    private static uint Mix(uint hash, char letter) => (hash ^ letter) * Prime;

    /// <summary>Spreads the low bits, which FNV leaves similar for short texts.</summary>
    private static uint Hash(uint hash)
    {
        hash ^= hash >> 16;
        hash *= 0x7feb352d;
        return hash ^ (hash >> 15);
    }

    private static string Stem(string word) => word.Length > StemChars ? word[..StemChars] : word;

    private static string Count(int count) => count switch
    {
        0 => "0",
        1 => "1",
        2 => "2",
        3 => "3",
        4 => "4",
        <= 6 => "6",
        <= 9 => "9",
        <= 15 => "15",
        _ => "more",
    };

    /// <summary>The part of a definition in which a word was found.</summary>
    internal enum Place
    {
        None,
        Name,
        Description,
        Parameter,
        Choice,
    }

    /// <param name="Hash">The number by which the model knows it.</param>
    /// <param name="Place">The place of its word; none if it has no word to show.</param>
    /// <param name="Word">The word, which may be any text of the server.</param>
    internal readonly record struct Feature(uint Hash, Place Place, string Word);
}
