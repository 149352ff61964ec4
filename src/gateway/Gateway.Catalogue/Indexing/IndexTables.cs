using System.Runtime.InteropServices;
using System.Text;

namespace Gateway.Catalogue.Indexing;

/// <summary>What of an index is in memory: its terms, its servers, and a byte for each entry.</summary>
internal sealed class IndexTables
{
    private const int NearestMax = 5;

    private readonly IndexHeader _header;
    private readonly long[] _blockEnds;
    private readonly long[] _postingEnds;
    private readonly int[] _counts;
    private readonly int[] _termEnds;
    private readonly int[] _firstEntries;
    private readonly int[] _serverNameEnds;
    private readonly byte[] _serverNames;
    private readonly char[] _terms;

    /// <exception cref="IndexException">They are not what the header says.</exception>
    public IndexTables(IndexBytes bytes, IndexHeader header)
    {
        _header = header;
        var at = header.TablesAt;
        _blockEnds = Table<long>(header.Blocks);
        _postingEnds = Table<long>(header.Terms);
        _counts = Table<int>(header.Terms);
        _termEnds = Table<int>(header.Terms);
        _firstEntries = Table<int>(header.Servers);
        _serverNameEnds = Table<int>(header.Servers);
        Marks = Table<byte>(header.Entries);
        _serverNames = Table<byte>(header.ServerNameBytes);
        _terms = Table<char>(header.TermBytes / sizeof(char));
        if (at != header.Length || header.Blocks != (header.Entries + IndexFormat.BlockEntries - 1)
            / IndexFormat.BlockEntries)
        {
            throw new IndexException("is damaged in its tables");
        }

        T[] Table<T>(int length)
            where T : unmanaged
        {
            if (length < 0 || length > (header.Length - at) / Marshal.SizeOf<T>())
                throw new IndexException("is damaged in its tables");
            var table = new T[length];
            var into = MemoryMarshal.AsBytes(table.AsSpan());
            bytes.Read(at, into);
            at += into.Length;
            return table;
        }
    }

    /// <summary>Category, risk and words of the name of each entry.</summary>
    public byte[] Marks { get; }

    public int Servers => _firstEntries.Length;

    public string ServerName(int server)
    {
        var start = server == 0 ? 0 : _serverNameEnds[server - 1];
        return Encoding.UTF8.GetString(_serverNames, start, _serverNameEnds[server] - start);
    }

    /// <summary>The entries of a server: its own, then its tools.</summary>
    public (int First, int End) EntriesOf(int server) =>
        (_firstEntries[server], EndOf(server));

    public int EndOf(int server) =>
        server + 1 < _firstEntries.Length ? _firstEntries[server + 1] : _header.Entries;

    /// <summary>The server that an entry is of.</summary>
    public int ServerOf(int entry)
    {
        var at = Array.BinarySearch(_firstEntries, entry);
        return at >= 0 ? at : ~at - 1;
    }

    /// <summary>The server of this name; -1 where there is none.</summary>
    public int FindServer(string name)
    {
        var (low, high) = (0, _firstEntries.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(ServerName(middle), name);
            if (order == 0)
                return middle;
            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    /// <summary>Where the texts of a block are.</summary>
    public (long Start, int Length) Block(int block)
    {
        var start = block == 0 ? IndexFormat.HeaderLength : _blockEnds[block - 1];
        return (start, checked((int)(_blockEnds[block] - start)));
    }

    /// <summary>Where the postings of a term are.</summary>
    public (long Start, int Length) Postings(int term)
    {
        var start = term == 0 ? _header.PostingsAt : _postingEnds[term - 1];
        return (start, checked((int)(_postingEnds[term] - start)));
    }

    /// <summary>
    /// The terms that a word finds, itself first; of many that begin with it those that most entries have. A word that
    /// finds none may be mistyped, and finds the terms nearest to it.
    /// </summary>
    public List<int> Find(string word, int termsMax)
    {
        var found = new List<int>();
        var first = LowerBound(word);
        var end = first;
        while (end < _counts.Length && (word.Length >= IndexWords.PrefixCharsMin
            ? Term(end).StartsWith(word, StringComparison.Ordinal)
            : Term(end).SequenceEqual(word)))
        {
            end++;
        }

        if (first == end)
            return FindNearest(word);
        if (Term(first).SequenceEqual(word))
            found.Add(first++);
        var more = Enumerable.Range(first, end - first);
        found.AddRange(end - first <= termsMax ? more : more.OrderByDescending(term => _counts[term]).Take(termsMax));
        return found;
    }

    private List<int> FindNearest(string word)
    {
        var found = new List<int>();
        var errorsMax = WordDistance.ErrorsMax(word.Length);
        for (var term = 0; errorsMax > 0 && term < _counts.Length; term++)
        {
            var errors = WordDistance.Between(word, Term(term), errorsMax);
            if (errors > errorsMax)
                continue;
            if (errors < errorsMax)
                found.Clear();
            errorsMax = errors;
            found.Add(term);
        }

        return [.. found.OrderByDescending(term => _counts[term]).Take(NearestMax)];
    }

    /// <summary>Whether a term is this word, and does not only begin with it.</summary>
    public bool IsTerm(int term, string word) => Term(term).SequenceEqual(word);

    private int LowerBound(string word)
    {
        var (low, high) = (0, _counts.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Term(middle).SequenceCompareTo(word) < 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private ReadOnlySpan<char> Term(int term)
    {
        var start = term == 0 ? 0 : _termEnds[term - 1];
        return _terms.AsSpan(start, _termEnds[term] - start);
    }
}
