using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using WhisperMesh.Router.Http;
using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Spool;
using WhisperMesh.Router.Telemetry;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Transcriptions;

/// <summary>Reads a multipart form part by part: the file into the spool, the fields, before or after it, into the request.</summary>
internal sealed class TranscriptionFormReader(IOptions<RouterOptions> options, EarlyRouteCheck routes)
{
    private const string FileField = "file";
    private const int BufferBytes = 64 * 1024;
    private const int MaxFieldBytes = 128 * 1024;
    private const int MaxBoundaryLength = 200;

    // A hundred languages and a hundred keywords are allowed, each a part of its own.
    private const int MaxFields = 256;

    // The parts around the audio may take this much; more than both is refused before it is sent.
    private const long FormOverheadBytes = 16 * 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="request">The form.</param>
    /// <param name="origin">Where it came from.</param>
    /// <param name="task">What is asked for.</param>
    /// <param name="audio">Where the file goes.</param>
    /// <param name="cancellationToken">Ends the upload.</param>
    /// <param name="only">The fields that may be beside the file; null for all.</param>
    /// <exception cref="ApiException">The form cannot be honoured.</exception>
    public async Task<TranscriptionFields> ReadAsync(
        HttpRequest request,
        RequestOrigin origin,
        TranscriptionTask task,
        SpoolFile audio,
        CancellationToken cancellationToken,
        IReadOnlySet<string>? only = null)
    {
        using var accept = RouterSpans.Start(TelemetryNames.Spans.Accept);
        var reader = OpenReader(request);
        var fields = new TranscriptionFields(task, options.Value, only);
        try
        {
            await ReadPartsAsync(reader, fields, origin, audio, cancellationToken);
        }
        catch (InvalidDataException e)
        {
            throw ApiException.BadRequest(null, $"The form cannot be read: {e.Message}");
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            // What MultipartReader throws at the end of the body; a client that is gone does not see the answer. What the server itself
            // finds wrong with a body, such as that it comes too slowly, has a status of its own.
            throw audio.Length == 0 ? ApiException.Missing(FileField) : ApiException.BadRequest(null, "The form ends in mid-part.");
        }

        if (audio.Length == 0)
        {
            throw ApiException.BadRequest(FileField, "The file is empty.");
        }

        fields.Complete();
        accept?.SetTag(TelemetryNames.Attributes.Bytes, audio.Length);
        return fields;
    }

    private MultipartReader OpenReader(HttpRequest request)
    {
        if (request.ContentLength > options.Value.MaxUploadBytes + FormOverheadBytes)
        {
            throw SpoolErrors.UploadTooLarge(options.Value.MaxUploadBytes);
        }

        if (request.ContentLength == 0 || (request.ContentLength is null && request.ContentType is null))
        {
            throw ApiException.Missing(FileField);
        }

        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || request.Headers.ContentEncoding.Count > 0)
        {
            throw ApiException.UnsupportedMediaType("The request must be multipart/form-data, without a content encoding.");
        }

        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        return boundary.Length is > 0 and <= MaxBoundaryLength
            ? new MultipartReader(boundary, request.Body, BufferBytes)
            : throw ApiException.BadRequest(null, "The content type lacks a boundary of at most 200 characters.");
    }

    private async Task ReadPartsAsync(
        MultipartReader reader, TranscriptionFields fields, RequestOrigin origin, SpoolFile audio, CancellationToken cancellationToken)
    {
        var hasFile = false;
        var count = 0;
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } part)
        {
            if (++count > MaxFields)
            {
                throw ApiException.BadRequest(null, $"The form has more than {MaxFields} parts.");
            }

            var name = NameOf(part);
            if (name != FileField)
            {
                fields.Add(name, await ReadFieldAsync(name, part.Body, cancellationToken));
                continue;
            }

            if (hasFile)
            {
                throw ApiException.BadRequest(FileField, "'file' may be given once only.");
            }

            // Nobody should send a gigabyte only to hear that there is nobody to listen.
            routes.Check(fields.Config, origin);
            await SpoolAsync(part.Body, audio, cancellationToken);
            hasFile = true;
        }

        if (!hasFile)
        {
            throw ApiException.Missing(FileField);
        }
    }

    private static string NameOf(MultipartSection part) =>
        ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition)
        && disposition.DispositionType.Equals("form-data", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(disposition.Name).ToString() is { Length: > 0 } name
            ? name
            : throw ApiException.BadRequest(null, "A part of the form has no name.");

    private static async Task<string> ReadFieldAsync(string name, Stream body, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MaxFieldBytes + 1);
        try
        {
            var length = await body.ReadAtLeastAsync(
                buffer.AsMemory(0, MaxFieldBytes + 1), MaxFieldBytes + 1, throwOnEndOfStream: false, cancellationToken);
            return length <= MaxFieldBytes
                ? StrictUtf8.GetString(buffer, 0, length)
                : throw ApiException.BadRequest(name, $"'{name}' is longer than {MaxFieldBytes} bytes.");
        }
        catch (DecoderFallbackException)
        {
            throw ApiException.BadRequest(name, $"'{name}' is not UTF-8 text.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task SpoolAsync(Stream body, SpoolFile audio, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (await body.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            {
                await audio.AppendAsync(buffer.AsMemory(0, count), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
