using Spectre.Console;
using Spectre.Console.Rendering;
using WhisperMesh.Cli.Live.Output;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Live.Captions;

/// <summary>Captions in a terminal, replaced in place. Each painting is one write, so that nothing flickers.</summary>
internal sealed class CaptionOutput : ILiveOutput
{
    private readonly CaptionText _text = new();
    private readonly CaptionScreen _screen = new();
    private readonly StringWriter _painting = new();
    private readonly IAnsiConsole _terminal;
    private readonly IAnsiConsole _canvas;

    internal CaptionOutput(IAnsiConsole terminal)
    {
        _terminal = terminal;
        _canvas = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Out = new AnsiConsoleOutput(_painting) });
        _canvas.Profile.Capabilities.ColorSystem = terminal.Profile.Capabilities.ColorSystem;
    }

    public ValueTask WriteAsync(StreamLiveResponse message)
    {
        _text.Apply(message);
        return PaintAsync(isLast: false);
    }

    public ValueTask DisposeAsync() => PaintAsync(isLast: true);

    private async ValueTask PaintAsync(bool isLast)
    {
        // The size is asked for each time: the window may have changed.
        var (width, height) = (_terminal.Profile.Width, _terminal.Profile.Height);
        _canvas.Profile.Width = width;
        _canvas.Write(new Painting(_screen.Paint(_text, width, height, isLast)));
        var writer = _terminal.Profile.Out.Writer;
        await writer.WriteAsync(_painting.ToString());
        await writer.FlushAsync();
        _painting.GetStringBuilder().Clear();
    }

    private sealed class Painting(List<Segment> segments) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => new(maxWidth, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => segments;
    }
}
