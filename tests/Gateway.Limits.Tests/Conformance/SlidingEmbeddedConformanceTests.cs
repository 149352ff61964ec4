using Gateway.Limits.Embedded;

namespace Gateway.Limits.Tests.Conformance;

public sealed class SlidingEmbeddedConformanceTests : SlidingLimiterConformance, IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override async Task<ILimiter> OpenAsync(bool strictWindows) => await EmbeddedLimiter.OpenAsync(
        new EmbeddedLimiterOptions { DataDirectory = _folder.Path, StrictWindows = strictWindows }, Time);

    protected override async Task CloseAsync(ILimiter limiter) => await ((EmbeddedLimiter)limiter).DisposeAsync();
}
