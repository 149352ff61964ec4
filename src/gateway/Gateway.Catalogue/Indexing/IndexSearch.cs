using System.Buffers;
using Gateway.Catalogue.Classifying;

namespace Gateway.Catalogue.Indexing;

/// <summary>
/// One search. Each word in turn marks the entries that match all words so far. The entries that match all words are
/// then counted, and the best are kept.
/// </summary>
internal sealed class IndexSearch(CatalogueIndex index, SearchQuestion question)
{
    private const int ServersMax = 10;
    private const int GroupToolsMax = 3;
    private const int TransportBits = 5; // above a kind
    private const int TermsMax = 64;

    // Indexed by WordPlace: a word of the name counts more than all others together. A prefix match counts half.
    private static readonly byte[] Weights = [4, 6, 10, 16];
    private static readonly byte[] HalfWeights = [2, 3, 5, 8];
    private static readonly KnownTransport[] Transports = Enum.GetValues<KnownTransport>();

    private readonly IndexTables _tables = index.Tables;

    // Matching tools by kind and transport, whatever the query selects of these.
    private readonly int[] _kinds = new int[Transports.Length << TransportBits];
    private readonly PriorityQueue<int, long> _tools = new();
    private readonly PriorityQueue<int, long> _servers = new();
    private readonly PriorityQueue<(int Server, int Count), long> _topServers = new();
    private readonly PriorityQueue<(int Server, int Count, List<int> Best), long> _groups = new();
    private readonly PriorityQueue<int, long> _ofServer = new();
    private readonly bool[] _wanted = Wanted(question);
    private long _leastTool = long.MinValue;
    private long _bestOfServer;
    private int _total;

    public SearchAnswer Run()
    {
        var words = question.Words;
        var entries = _tables.Marks.Length;
        var pooled = ArrayPool<ushort>.Shared.Rent(entries);
        var states = pooled.AsSpan(0, entries);
        try
        {
            states.Clear();
            // The rarest word comes first, so that the later words advance few entries and skip the rest.
            var found = words.Select(word => (Word: word, Terms: _tables.Find(word, TermsMax)))
                .OrderBy(one => one.Terms.Sum(term => (long)_tables.Postings(term).Length)).ToList();
            for (var stage = 0; stage < found.Count && found[0].Terms.Count > 0; stage++)
            {
                foreach (var term in found[stage].Terms)
                    index.Raise(term, stage, _tables.IsTerm(term, found[stage].Word) ? Weights : HalfWeights, states);
            }

            // A query that contains only punctuation finds nothing, rather than everything.
            if (words.Count > 0 || string.IsNullOrWhiteSpace(question.Text))
                Collect(words.Count, states);
        }
        finally
        {
            ArrayPool<ushort>.Shared.Return(pooled);
        }

        return Answer();
    }

    private void Collect(int stage, ReadOnlySpan<ushort> states)
    {
        var (server, last) = (0, _tables.Servers);
        if (question.Server is { } name)
        {
            server = _tables.FindServer(name);
            if (server < 0)
                return;
            last = server + 1;
        }

        var (least, most) = ((ushort)(stage << 8), (ushort)((stage << 8) | 0xff));
        while (server < last)
        {
            // Most servers have no match, so the next match is searched across all entries.
            var (first, end) = (_tables.EntriesOf(server).First, _tables.EndOf(last - 1));
            var next = states[first..end].IndexOfAnyInRange(least, most);
            if (next < 0)
                return;
            first += next;
            if (first >= _tables.EndOf(server))
                server = _tables.ServerOf(first);
            CollectServer(server++, first, least, most, states);
        }
    }

    private void CollectServer(int server, int first, ushort least, ushort most, ReadOnlySpan<ushort> states)
    {
        if (question.May?.Invoke(_tables.ServerName(server)) == false)
            return;
        var before = _total;
        var transport = _tables.Transports[server] % Transports.Length;
        _bestOfServer = 0;
        for (var (entry, end) = (first, _tables.EndOf(server)); entry < end; entry++)
        {
            if (states[entry] >= least && states[entry] <= most)
                Take(entry, states[entry] & 0xff, transport);
        }

        var found = _total - before;
        if (found == 0)
            return;
        Keep(_topServers, (server, found), ((long)found << 32) | (uint)~server, ServersMax);
        if (question.ByServer)
            Group(server, found);
    }

    /// <summary>
    /// Adds a server to the groups, which are ordered by their best tool, then by the number of tools.
    /// </summary>
    private void Group(int server, int found)
    {
        const int CountMax = 0xfff;
        const int CountShift = 20;
        var order = (_bestOfServer >> 32 << 32) | ((long)Math.Min(found, CountMax) << CountShift)
            | (~server & ((1L << CountShift) - 1));
        Keep(_groups, (server, found, Best(_ofServer)), order, question.Limit);
    }

    private void Take(int entry, int score, int transport)
    {
        var mark = _tables.Marks[entry];
        var kind = IndexFormat.KindOf(mark);
        var slot = (transport << TransportBits) | kind;
        if (kind != IndexFormat.ServerMark)
            _kinds[slot]++;
        if (!_wanted[slot])
            return;
        // Of two equal matches, the one with fewer other words in its name is better.
        var order = ((long)((score * 8) + 7 - IndexFormat.NameWordsOf(mark)) << 32) | (uint)~entry;
        if (kind == IndexFormat.ServerMark)
        {
            Keep(_servers, entry, order, ServersMax);
            return;
        }

        _total++;
        if (question.ByServer)
        {
            _bestOfServer = Math.Max(_bestOfServer, order);
            Keep(_ofServer, entry, order, GroupToolsMax);
        }

        if (order <= _leastTool)
            return;
        Keep(_tools, entry, order, question.Limit);
        if (_tools.Count == question.Limit && _tools.TryPeek(out _, out var least))
            _leastTool = least;
    }

    /// <summary>Returns, by kind, which entries the query selects.</summary>
    private static bool[] Wanted(SearchQuestion question)
    {
        var wanted = new bool[Transports.Length << TransportBits];
        for (var slot = 0; slot < wanted.Length; slot++)
        {
            var kind = slot & IndexFormat.ServerMark;
            var isKind = kind == IndexFormat.ServerMark
                ? question.Category is null && question.Risk is null
                : Has((int?)question.Category, kind / 4) && Has((int?)question.Risk, kind % 4);
            wanted[slot] = isKind && Has((int?)question.Transport, slot >> TransportBits);
        }

        return wanted;
    }

    private static bool Has(int? wanted, int value) => wanted is not { } one || one == value;

    private static void Keep<T>(PriorityQueue<T, long> best, T one, long order, int max)
    {
        if (best.Count < max)
            best.Enqueue(one, order);
        else if (best.TryPeek(out _, out var least) && order > least)
            best.EnqueueDequeue(one, order);
    }

    private SearchAnswer Answer() => new(
        _total,
        [.. Best(_tools).Select(index.ReadTool)],
        [.. Best(_servers).Select(index.ReadServer)],
        Count(null, question.Risk, question.Transport, static (kind, _) => (ToolCategory)(kind / 4)),
        Count(question.Category, null, question.Transport, static (kind, _) => (RiskLevel)(kind % 4)),
        Count(question.Category, question.Risk, null, static (_, of) => (KnownTransport)of),
        [.. Best(_topServers).Select(one =>
            new KeyValuePair<string, int>(_tables.ServerName(one.Server), one.Count))],
        [.. Best(_groups).Select(one => new ServerGroup(
            index.ReadServer(_tables.EntriesOf(one.Server).First), one.Count, [.. one.Best.Select(index.ReadTool)]))]);

    /// <summary>Returns the number of matching tools for each value of one property.</summary>
    private Dictionary<T, int> Count<T>(
        ToolCategory? category, RiskLevel? risk, KnownTransport? transport, Func<int, int, T> property)
        where T : struct, Enum
    {
        var counts = Enum.GetValues<T>().ToDictionary(static one => one, static _ => 0);
        for (var slot = 0; slot < _kinds.Length; slot++)
        {
            var (kind, of) = (slot & IndexFormat.ServerMark, slot >> TransportBits);
            if (_kinds[slot] > 0 && Has((int?)category, kind / 4) && Has((int?)risk, kind % 4)
                && Has((int?)transport, of))
                counts[property(kind, of)] += _kinds[slot];
        }

        return counts;
    }

    private static List<T> Best<T>(PriorityQueue<T, long> queue)
    {
        var best = new List<T>(queue.Count);
        while (queue.TryDequeue(out var one, out _))
            best.Add(one);
        best.Reverse();
        return best;
    }
}

/// <summary>The result of a search.</summary>
/// <param name="Total">The number of matching tools.</param>
/// <param name="Tools">The best matching tools, best first.</param>
/// <param name="Servers">The servers that match by their own name or description, best first.</param>
/// <param name="Categories">
/// The number of matching tools of each category, regardless of the category in the query.
/// </param>
/// <param name="Risks">The number of matching tools of each risk, regardless of the risk in the query.</param>
/// <param name="Transports">
/// The number of matching tools of servers with each transport, regardless of the transport in the query.
/// </param>
/// <param name="TopServers">The servers with the most matching tools.</param>
/// <param name="Groups">The servers with matching tools, that with the best tool first; empty if not requested.</param>
public sealed record SearchAnswer(
    int Total, IReadOnlyList<IndexedTool> Tools, IReadOnlyList<IndexedServer> Servers,
    IReadOnlyDictionary<ToolCategory, int> Categories, IReadOnlyDictionary<RiskLevel, int> Risks,
    IReadOnlyDictionary<KnownTransport, int> Transports, IReadOnlyList<KeyValuePair<string, int>> TopServers,
    IReadOnlyList<ServerGroup> Groups);

/// <summary>A server that has matching tools.</summary>
/// <param name="Server">The server.</param>
/// <param name="Matching">The number of matching tools.</param>
/// <param name="Tools">The best of them, best first.</param>
public sealed record ServerGroup(IndexedServer Server, int Matching, IReadOnlyList<IndexedTool> Tools);
