namespace Gateway.Limits.Tests.Conformance;

public sealed class BucketStoreConformanceTests() : BucketLimiterConformance(new StoreSubject())
{
    [Fact]
    public async Task Four_engines_on_one_store_admit_exactly_the_maximum() =>
        Assert.Equal(60, await new StoreSubject().AdmittedByFourAsync(Time, Asked.Bucket(60)));
}
