using Gateway.LoadTests.Measuring;

namespace Gateway.LoadTests.Tests;

public sealed class SliceRecorderTests
{
    [Fact]
    public void Puts_a_call_into_the_second_in_which_it_was_due()
    {
        var recorder = new SliceRecorder();
        recorder.Record(TimeSpan.FromSeconds(0.5), TimeSpan.FromMilliseconds(1));
        recorder.Record(TimeSpan.FromSeconds(1.0), TimeSpan.FromMilliseconds(2));
        recorder.Record(TimeSpan.FromSeconds(0.9), TimeSpan.FromMilliseconds(3000));

        var slices = recorder.Finish();

        Assert.Equal([0, 1], slices.Select(static slice => slice.Second));
        Assert.Equal([2L, 1L], slices.Select(static slice => slice.Calls));
        Assert.Equal(3000, slices[0].Max);
    }

    [Fact]
    public void Keeps_a_call_that_was_answered_after_its_second_was_closed()
    {
        var recorder = new SliceRecorder();
        for (var second = 0; second <= SliceRecorder.OpenSeconds + 1; second++)
            recorder.Record(TimeSpan.FromSeconds(second), TimeSpan.FromMilliseconds(1));
        recorder.Record(TimeSpan.Zero, TimeSpan.FromMinutes(2));

        var slices = recorder.Finish();

        Assert.Equal(SliceRecorder.OpenSeconds + 3, slices.Sum(static slice => slice.Calls));
        Assert.Equal(120_000, slices.Max(static slice => slice.Max));
        Assert.Equal(slices.Select(static slice => slice.Second).Order(), slices.Select(static slice => slice.Second));
    }
}
