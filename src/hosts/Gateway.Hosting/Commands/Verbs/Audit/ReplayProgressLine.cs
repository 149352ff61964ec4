using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Audit;

/// <summary>The progress of a replay on one line that a terminal overwrites; nothing without a terminal.</summary>
internal sealed class ReplayProgressLine : IDisposable
{
    private const int Width = 60;
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);
    private readonly bool _isShown = !Console.IsErrorRedirected;
    private long _last;

    public void Show(long records, double share)
    {
        if (!_isShown || (_last != 0 && TimeProvider.System.GetElapsedTime(_last) < Every))
            return;
        _last = TimeProvider.System.GetTimestamp();
        var text = FormattableString.Invariant($"{Spelling.Count(records, "record")} read, {share:P0}");
        Console.Error.Write($"\r{text.PadRight(Width)}");
    }

    public void Clear()
    {
        if (_isShown && _last != 0)
            Console.Error.Write($"\r{new string(' ', Width)}\r");
        _last = 0;
    }

    public void Dispose() => Clear();
}
