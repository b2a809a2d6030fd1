using Spectre.Console;
using Spectre.Console.Rendering;
using WhisperMesh.Cli.Live.Output;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Live.Captions;

/// <summary>Captions in a terminal, replaced in place. Each painting is one write, so that nothing flickers.</summary>
internal sealed class CaptionOutput(IAnsiConsole console) : ILiveOutput
{
    private readonly CaptionText _text = new();
    private readonly CaptionScreen _screen = new();

    public ValueTask WriteAsync(StreamLiveResponse message)
    {
        _text.Apply(message);
        Paint(isLast: false);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Paint(isLast: true);
        return ValueTask.CompletedTask;
    }

    // The size is asked for each time: the window may have changed.
    private void Paint(bool isLast) =>
        console.Write(new Painting(_screen.Paint(_text, console.Profile.Width, console.Profile.Height, isLast)));

    private sealed class Painting(List<Segment> segments) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => new(maxWidth, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => segments;
    }
}
