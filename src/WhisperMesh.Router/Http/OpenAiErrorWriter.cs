using System.Globalization;

namespace WhisperMesh.Router.Http;

/// <summary>Writes an error, and sees to what the client still sends.</summary>
internal static class OpenAiErrorWriter
{
    // A small rest is read, so that clients which look for a reply only after sending everything get it; a large one is not.
    private const int DrainBytes = 4 * 1024 * 1024;

    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);

    public static async Task WriteAsync(HttpContext context, OpenAiError error)
    {
        var drained = !(context.Request.ContentLength > DrainBytes) && await TryDrainAsync(context);
        if (!drained)
        {
            context.Response.Headers.Connection = "close";
        }

        context.Response.StatusCode = error.Status;
        if (error.RetryAfter is { } wait)
        {
            var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        await context.Response.WriteAsJsonAsync(
            new OpenAiErrorResponse(error), ApiJson.Readable.OpenAiErrorResponse, cancellationToken: context.RequestAborted);
        if (drained)
        {
            return;
        }

        // The client gets a moment to see the answer and stop; one that goes on sending is cut off.
        await context.Response.CompleteAsync();
        if (!await TryDrainAsync(context))
        {
            context.Abort();
        }
    }

    private static async Task<bool> TryDrainAsync(HttpContext context)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(DrainTime);
        var buffer = new byte[16 * 1024];
        try
        {
            var rest = DrainBytes;
            while (rest > 0)
            {
                var count = await context.Request.Body.ReadAsync(buffer, limit.Token);
                if (count == 0)
                {
                    return true;
                }

                rest -= count;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException)
        {
            // Slow, gone, or read elsewhere: the reply goes out all the same.
        }

        return false;
    }
}
