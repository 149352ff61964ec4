namespace Gateway.Limits.Tests.Conformance;

/// <summary>The embedded engine over a journal on disk.</summary>
internal sealed class JournalEngineSubject : ILimiterSubject, IDisposable
{
    private readonly TestFolder _folder = new();

    public async Task<ILimiter> OpenAsync(ManualTime time, bool strictWindows) => await JournalEngine.OpenAsync(
        new JournalEngineOptions { DataDirectory = _folder.Path, StrictWindows = strictWindows }, time);

    public async Task CloseAsync(ILimiter limiter) => await ((JournalEngine)limiter).DisposeAsync();

    public void Dispose() => _folder.Dispose();
}
