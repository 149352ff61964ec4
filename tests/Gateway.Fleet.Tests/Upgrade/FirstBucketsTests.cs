namespace Gateway.Fleet.Tests.Upgrade;

// The server that was registered then is at one port, which one test at a time can have.
[Collection("upgrade")]
[Trait("run", "full")]
public sealed class FirstBucketsTests() : BucketUpgradeTests(KeptState.FirstBuckets);
