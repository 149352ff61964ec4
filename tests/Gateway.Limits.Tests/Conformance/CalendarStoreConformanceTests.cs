namespace Gateway.Limits.Tests.Conformance;

public sealed class CalendarStoreConformanceTests() : CalendarLimiterConformance(new StoreSubject())
{
    [Fact]
    public async Task Four_engines_on_one_store_admit_exactly_the_maximum() =>
        Assert.Equal(60, await new StoreSubject().AdmittedByFourAsync(
            Time, Asked.Calendar(60, CalendarZone.Of("Europe/Berlin")!)));
}
