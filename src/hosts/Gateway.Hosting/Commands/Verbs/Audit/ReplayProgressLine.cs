namespace Gateway.Hosting.Commands.Verbs.Audit;

/// <summary>How far a replay is, on one line of a terminal that is written over; nothing where there is none.</summary>
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
        var text = FormattableString.Invariant($"{records:N0} records read, {share:P0}");
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
